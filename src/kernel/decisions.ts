/** What disks and connections promise to the servers, by name: a mutation takes the promise back for a whole run. The values here are `fixed`. */
export interface KernelDecisions {
  /** Does an fsync that has returned have everything on the platter (T26)? */
  readonly fsyncIsDurable: boolean;
  /** Is the `n`th packet of one direction of a connection lost, and the connection goes on (T11)? */
  readonly losesPacket: (port: string, n: number) => boolean;
}

export const FIXED_KERNEL: KernelDecisions = {
  fsyncIsDurable: true,
  losesPacket: () => false,
};
