import type { Contact, Customer, ShopProfile } from './records.ts';
import { zoned } from './shopify-values.ts';

// How Shopify's bodies write people: field sets of API version 2026-07.

/** One street for everybody: nothing here looks at it. */
const streets: Readonly<Record<string, object>> = {
  US: {
    address1: '1420 K Street NW',
    city: 'Washington',
    zip: '20005',
    province: 'District of Columbia',
    province_code: 'DC',
    country: 'United States',
  },
};
const otherStreet = {
  address1: 'Calle Mayor 12',
  city: 'Madrid',
  zip: '28013',
  province: 'Madrid',
  province_code: 'M',
  country: 'Spain',
};

export function writeCustomer(customer: Customer, profile: ShopProfile) {
  return {
    id: customer.id,
    created_at: zoned(customer.createdAt, profile.timeZone),
    updated_at: zoned(customer.updatedAt, profile.timeZone),
    first_name: customer.firstName,
    last_name: customer.lastName,
    state: 'disabled',
    note: null,
    verified_email: true,
    multipass_identifier: null,
    tax_exempt: false,
    email: customer.email ?? null,
    phone: customer.phone ?? null,
    currency: profile.currency,
    tax_exemptions: [],
    admin_graphql_api_id: `gid://shopify/Customer/${customer.id}`,
    default_address: writeDefaultAddress(customer, profile),
  };
}

/** What is asked for with `customers/update`. */
export function writeWholeCustomer(customer: Customer, profile: ShopProfile) {
  return { ...writeCustomer(customer, profile), addresses: [writeDefaultAddress(customer, profile)] };
}

export function writeConsent({ id, phone, consent }: Customer, profile: ShopProfile) {
  return {
    customer_id: id,
    phone_number: phone ?? null,
    whats_app_marketing_consent: {
      state: consent.state,
      opt_in_level: 'single_opt_in',
      updated_at: consent.at ? zoned(consent.at, profile.timeZone) : null,
      collected_from: consent.from,
    },
  };
}

export function writeBillingAddress(contact: Contact, profile: ShopProfile) {
  return writeAddress({ ...contact, phone: contact.addressPhone ?? contact.phone }, profile);
}

export function writeShippingAddress(contact: Contact, profile: ShopProfile) {
  return contact.giftFor ? writeAddress(contact.giftFor, profile) : writeBillingAddress(contact, profile);
}

type Addressee = Pick<Contact, 'firstName' | 'lastName' | 'phone'>;

function writeAddress(to: Addressee, { country }: ShopProfile) {
  return { ...writePlace(to, country), latitude: 38.9025, longitude: -77.0323 };
}

function writeDefaultAddress(customer: Customer, { country }: ShopProfile) {
  const place = writePlace({ ...customer, phone: customer.addressPhone }, country);
  return {
    ...place,
    id: customer.addressId,
    customer_id: customer.id,
    country_name: place.country,
    default: true,
  };
}

function writePlace({ firstName, lastName, phone }: Addressee, country: string) {
  return {
    first_name: firstName,
    last_name: lastName || null,
    name: `${firstName} ${lastName}`.trim(),
    company: null,
    address2: null,
    ...((streets[country] ?? otherStreet) as typeof otherStreet),
    country_code: country,
    phone: phone ?? null,
  };
}
