import { type ListArguments, listPage } from './listed-page.ts';
import { type Asking, needScope } from './shopify-asking.ts';
import { changeShop } from './shopify-changes.ts';
import { answerDiscount, answerSubscription } from './shopify-discounts.ts';
import { answerCustomer, listCheckout, listCustomer, orderFilters, recentOrders } from './shopify-nodes.ts';
import type { SimulatedShop } from './simulated-shop.ts';

const customerFilters: ReadonlySet<string> = new Set(['id', 'phone', 'email', 'created_at', 'updated_at']);
const abandonedFilters: ReadonlySet<string> = new Set([
  ...['id', 'status', 'recovery_state', 'created_at', 'updated_at'],
]);

/** What the Admin API answers, as functions of the fields at the top of the schema. */
export function makeAnswers(asking: Asking) {
  const { shop } = asking;
  return {
    shop: () => describeShop(shop),
    currentAppInstallation: () => ({ accessScopes: asking.scopes.map((handle) => ({ handle })) }),
    orders(list: ListArguments) {
      needScope(asking, 'read_orders', 'orders');
      return listPage(recentOrders(asking), list, orderFilters, asking);
    },
    customers(list: ListArguments) {
      needScope(asking, 'read_customers', 'customers');
      const all = [...shop.customers.values()].map((customer) => listCustomer(customer, asking));
      return listPage(all, list, customerFilters, asking);
    },
    customerByIdentifier({ identifier }: { identifier: { phoneNumber?: string; emailAddress?: string; id?: string } }) {
      needScope(asking, 'read_customers', 'customerByIdentifier');
      const { phoneNumber, emailAddress, id } = identifier;
      const customer = [...shop.customers.values()].find(
        (one) =>
          (phoneNumber !== undefined && one.phone === phoneNumber) ||
          (emailAddress !== undefined && one.email === emailAddress) ||
          (id !== undefined && id === `gid://shopify/Customer/${one.id}`),
      );
      return customer ? answerCustomer(customer, asking) : null;
    },
    abandonedCheckouts(list: ListArguments) {
      needScope(asking, 'read_orders', 'abandonedCheckouts');
      const all = [...shop.checkouts.values()].map((checkout) => listCheckout(checkout, asking));
      return listPage(all, list, abandonedFilters, asking);
    },
    codeDiscountNodeByCode({ code }: { code: string }) {
      needScope(asking, 'read_discounts', 'codeDiscountNodeByCode');
      const discount = shop.discounts.get(code.toUpperCase());
      return discount ? answerDiscount(discount.code, shop) : null;
    },
    webhookSubscriptions: ({ topics, uri }: { topics?: readonly string[]; uri?: string }) => ({
      nodes: asking.desk.subscriptions
        .filter(({ madeBy }) => madeBy === 'api')
        .map(answerSubscription)
        .filter((one) => (!topics || topics.includes(one.topic)) && (!uri || one.uri === uri)),
    }),
    ...changeShop(asking),
  };
}

function describeShop({ profile }: SimulatedShop) {
  return {
    id: 'gid://shopify/Shop/66554433221',
    name: profile.name,
    myshopifyDomain: profile.domain,
    currencyCode: profile.currency,
    ianaTimezone: profile.timeZone,
    countriesInShippingZones: { countryCodes: [profile.country] },
    primaryDomain: { url: profile.url },
    shopAddress: { countryCodeV2: profile.country },
  };
}
