/** Where the configuration of the storm stands: with stored answers, or nowhere. */
export function stormConfig(root: string): string {
  return `${root}/storm_config.json`;
}
