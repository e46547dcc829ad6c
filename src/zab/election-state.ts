/** State of QuorumCnxManager and FastLeaderElection. Written by their modules only. */
import { makePartKind } from '../base/parts.ts';

export interface CnxState {
  placeholder: null;
}
export interface ElectionState {
  placeholder: null;
}
export const CNX = makePartKind<CnxState>('cnx');
export const ELECTION = makePartKind<ElectionState>('election');
