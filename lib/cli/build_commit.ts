/** Not compiled. `scripts/compile.ts` puts another module with the same export in this one's place. */
export const BUILD_COMMIT: string | null = null;
