/** The first steps with the studio, for somebody who sees it for the first time. */
import type { IconName } from './icons.ts';

export type TourStep = { icon: IconName; title: string; text: string; to: string };

export const tourSteps: readonly [TourStep, ...TourStep[]] = [
  {
    icon: 'plus',
    title: 'Train something small',
    text: 'Choose a model and a file of examples. A starter model and sample data are here already, and the settings are ready: the first run needs three clicks.',
    to: '#/new',
  },
  {
    icon: 'runs',
    title: 'Watch it learn',
    text: 'The loss says how far the model is from your examples, so it should fall. Each run has a page with its curve, and several can be laid over each other in Compare.',
    to: '#/runs',
  },
  {
    icon: 'adapters',
    title: 'Try it, and take it along',
    text: 'What a run has learnt is a small adapter. Ask it something, see how the model answered without it, and export both as one model: with a proof that the export answers the same.',
    to: '#/adapters',
  },
];
