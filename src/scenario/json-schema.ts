/**
 * The format as JSON Schema (draft 7, which editors know best), for completion and checks while one writes. Editors read YAML with its usual
 * types, so numbers and booleans are allowed where the parser here sees their text. What a schema cannot say, names above all, the parser says.
 */
import * as z from 'zod/mini';
import { CONDITION_FORMS } from './condition.ts';
import { documentSchema } from './document.ts';
import { MODIFIERS, modifierSchema, modifiersOf, OPERATION_MODIFIERS, verbLines, VERBS } from './lines.ts';
import { NAME } from './scalars.ts';

type Json = Record<string, unknown>;

export function scenarioSchema(): Json {
  const { $schema, ...document } = jsonOf(documentSchema);
  const { script, ...properties } = fieldsOf(document, 'properties');
  return {
    $schema,
    title: 'Zablab scenario',
    description: 'An ensemble, its clients, a script of operations and faults, and what must come of it.',
    ...document,
    properties: {
      ...properties,
      script: { ...recordOf(script), items: { oneOf: [...verbLines.map(verbSchema), operationSchema()] } },
    },
  };
}

function jsonOf(schema: z.ZodMiniType): Json {
  return recordOf(
    z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any', override: ({ jsonSchema }) => tidy(jsonSchema) }),
  );
}

/** Keys are texts whatever they look like. */
function tidy(schema: Json): void {
  if (recordOf(schema['propertyNames'])['type'] !== undefined) delete schema['propertyNames'];
}

type Option = (typeof verbLines)[number];

function verbSchema(option: Option): Json {
  const { verb, value } = option.shape;
  const [name = ''] = verb.def.values;
  const { $schema: _, ...own } = jsonOf(value);
  const description = descriptionOf(option, name);
  return lineSchema({ [name]: { ...own, description }, ...modifierFields(modifiersOf(name)) }, { required: [name] });
}

function descriptionOf(option: Option, verb: string): string {
  const { description = '' } = z.globalRegistry.get(option) ?? {};
  return verb === 'until' || verb === 'check' ? `${description}\n${CONDITION_FORMS.join('\n')}` : description;
}

/** A client's name and what it does. */
function operationSchema(): Json {
  const words = [...VERBS, ...MODIFIERS].join('|');
  const operation = {
    type: 'string',
    description: 'An operation in zkCli syntax.',
    examples: ['create /a hello', 'set -v 0 /a there', 'get -w /a', 'ls /'],
  };
  return lineSchema(modifierFields(OPERATION_MODIFIERS), {
    patternProperties: { [`^(?!(?:${words})$)${NAME}$`]: operation },
    // Some key is none of the modifiers.
    not: { propertyNames: { enum: [...MODIFIERS] } },
  });
}

function lineSchema(properties: Json, rest: Json): Json {
  return { type: 'object', properties, ...rest, additionalProperties: false };
}

function modifierFields(names: readonly string[]): Json {
  const fields = fieldsOf(jsonOf(modifierSchema), 'properties');
  return Object.fromEntries(names.map((name) => [name, fields[name]]));
}

function fieldsOf(schema: Json, name: string): Json {
  return recordOf(schema[name]);
}

function recordOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
