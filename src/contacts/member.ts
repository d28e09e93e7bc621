/** What a member may do grows from advisor to owner (DESIGN §12). */
export type Role = 'owner' | 'manager' | 'advisor';

export const everyRole: readonly Role[] = ['owner', 'manager', 'advisor'];
