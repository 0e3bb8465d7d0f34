export const stunPlaceholder = 0;
