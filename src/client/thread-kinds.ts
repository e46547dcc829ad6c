/**
 * The threads of a client, after ClientCnxn's. Java's SendThread multiplexes one selector over the socket and the outgoing queue; a thread
 * here waits for one thing, so its reading half is a thread of its own, one per connection. Both work on the same memory.
 */
export const SEND_THREAD = 64; // ClientCnxn.SendThread: its mailbox is where calls are submitted
export const EVENT_THREAD = 65; // ClientCnxn.EventThread: only with an application that listens
export const READ_THREAD = 66; // the reading half of SendThread; incarnation = number of the connection

export const CLIENT_THREAD_NAMES: readonly string[] = ['SendThread', 'EventThread', 'ReadThread'];
