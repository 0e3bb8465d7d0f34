/** Methods of RFC 8489; those of its usages belong to the packages that implement them. */
export const METHOD = {
  binding: 0x001, // Binding, RFC 8489 §18.2
} as const;
