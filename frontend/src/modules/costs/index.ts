/** What goods, shipping, payments and advertisements cost, and how much of it is known. */
export { CostsPage } from './CostsPage'
export { FirstCosts } from './FirstCosts'
