// The day that every screen calls today; the host says which it is.
export const day = $state({ today: '' });
