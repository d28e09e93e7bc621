import { Icon } from './icons.tsx';

/** Colours there are for people without a picture, as `phone.css` numbers them. */
const COLOURS = 6;

interface AvatarProps {
  readonly number: string;
  readonly name: string;
  readonly isShop: boolean;
}

/** A person's round picture: the first letter of the name, or the shop's front. */
export function Avatar({ number, name, isShop }: AvatarProps) {
  const colour = [...number].reduce((sum, digit) => sum + Number(digit), 0) % COLOURS;
  return (
    <span class="phone-avatar" data-colour={isShop ? 'shop' : colour} aria-hidden="true">
      {isShop ? <Icon name="shop" size={22} /> : ([...name][0] ?? '?').toUpperCase()}
    </span>
  );
}
