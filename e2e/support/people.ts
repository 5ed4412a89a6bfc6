// Who takes part. Everybody has the same password; roles are given per project.

export interface Person {
  email: string;
  name: string;
}

const person = (email: string, name: string): Person => ({ email: `${email}@example.org`, name });

export const people = {
  /** Site admin; member of no project. */
  admin: person("admin", "Ada Admin"),
  manager: person("manager", "Mina Manager"),
  reviewer: person("reviewer", "Rui Reviewer"),
  ann: person("ann", "Ann Annotator"),
  ben: person("ben", "Ben Annotator"),
  cho: person("cho", "Cho Annotator"),
};

export type Name = keyof typeof people;

export const names = Object.keys(people) as Name[];

export const password = "correct horse battery";

/** The role that everybody but the admin has in a test's project. */
export const roles: Record<Exclude<Name, "admin">, string> = {
  manager: "manager",
  reviewer: "reviewer",
  ann: "annotator",
  ben: "annotator",
  cho: "annotator",
};
