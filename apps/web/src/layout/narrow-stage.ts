/** Below this width in CSS pixels the stage is arranged as on a phone. */
export const narrowStage = 600;
