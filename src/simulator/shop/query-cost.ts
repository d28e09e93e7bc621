import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { type Clock, elapsed } from '../../lib/time.ts';

/** Of one shop on the Standard plan: points, and points a second (facts/commerce §1.7). */
const FULL = 2000;
const RESTORE_RATE = 100;
/** A single query may not cost more. */
export const DEAREST = 1000;
/** When a list does not say how long it may be. */
const USUAL_LENGTH = 10;

export interface ThrottleStatus {
  readonly maximumAvailable: number;
  readonly currentlyAvailable: number;
  readonly restoreRate: number;
}

/** The points that a shop grants to an app: spent by asking, coming back with time. */
export class CostBucket {
  readonly #clock: Clock;
  #available = FULL;
  #at: Date;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  get status(): ThrottleStatus {
    this.#restore();
    return { maximumAvailable: FULL, currentlyAvailable: Math.floor(this.#available), restoreRate: RESTORE_RATE };
  }

  /** Pays for a query. @returns whether there were points enough */
  spend(cost: number): boolean {
    this.#restore();
    if (cost > this.#available) {
      return false;
    }
    this.#available -= cost;
    return true;
  }

  /** Leaves only so many points. */
  drain(left = 0): void {
    this.#restore();
    this.#available = Math.min(this.#available, left);
  }

  #restore(): void {
    const now = this.#clock.now();
    this.#available = Math.min(FULL, this.#available + (elapsed(this.#at, now) / 1000) * RESTORE_RATE);
    this.#at = now;
  }
}

/** Points of an operation, from what it asks for: a value is free, an object one, a list as many objects as it may hold. */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const fragments = new Map(
    document.definitions
      .filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const isMutation = operation.operation === 'mutation';
  const root = (isMutation ? schema.getMutationType() : schema.getQueryType())?.name ?? '';
  const defaults = Object.fromEntries(
    (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue?.kind === Kind.INT ? Number(defaultValue.value) : undefined,
    ]),
  );
  const given = { ...defaults, ...variables };

  function ofSelection(typeName: string, { selections }: SelectionSetNode): number {
    return selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) {
        return sum + ofField(typeName, selection);
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      return sum + (fragment ? ofSelection(fragment.typeCondition?.name.value ?? typeName, fragment.selectionSet) : 0);
    }, 0);
  }

  function ofField(typeName: string, { name, selectionSet, arguments: asked = [] }: FieldNode): number {
    const type = schema.getType(typeName);
    const field = isObjectType(type) ? type.getFields()[name.value] : undefined;
    const answer = field && getNamedType(field.type);
    if (!selectionSet || !isCompositeType(answer) || answer.name === 'PageInfo') {
      return 0;
    }
    const inside = ofSelection(answer.name, selectionSet);
    return answer.name.endsWith('Connection') ? lengthOf(asked, given) * inside : 1 + inside;
  }

  return ofSelection(root, operation.selectionSet) + (isMutation ? 10 : 0);
}

/** How many a list may hold, by its own word. */
function lengthOf(asked: readonly ArgumentNode[], variables: Readonly<Record<string, unknown>>): number {
  const first = asked.find(({ name }) => name.value === 'first')?.value;
  const length = first && valueFromASTUntyped(first, variables);
  return typeof length === 'number' ? length : USUAL_LENGTH;
}
