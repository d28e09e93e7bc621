/** What reports are about, as the database names it: `cart:…`, `checkout:…`, `order:…`. */
export type Subject = `${SubjectKind}:${string}`;

type SubjectKind = 'cart' | 'checkout' | 'order';

export function subjectOf(kind: SubjectKind, token: string): Subject {
  return `${kind}:${token}`;
}

export function orderSubject(id: string): Subject {
  return subjectOf('order', id);
}

export function kindOfSubject(subject: Subject): SubjectKind {
  return subject.slice(0, subject.indexOf(':')) as SubjectKind;
}

export function tokenOfSubject(subject: Subject): string {
  return subject.slice(subject.indexOf(':') + 1);
}
