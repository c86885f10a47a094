/** The second half of the fixtures: recording, analysis, proof, login as another user, renewal. */
import { testLogins } from "./login_cases.ts";

testLogins(1, 2);
