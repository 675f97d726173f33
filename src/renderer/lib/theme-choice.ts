/** How the window looks: light, dark, or as the system does. */
export type ThemeChoice = 'system' | 'light' | 'dark';
