/** Step 13 of the store: what a run cost the model of what it could do before. */
export const migration13 = `
  alter table runs add column forgetting text;
`;
