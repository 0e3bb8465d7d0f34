import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Logger } from '@callbox/turn';
import type { ChallengeResponses } from './acme/challenge-responses.ts';
import { listCertificateNames, type CertificateNames } from './certificate/certificate-names.ts';
import { createCertificateKeeper, type CertificateKeeper } from './certificate/create-certificate-keeper.ts';
import { listContainerAddresses } from './certificate/list-container-addresses.ts';
import type { Config } from './config/config.ts';
import type { DataDirectory } from './data-directory.ts';
import { explainDirectoryFailure } from './explain-directory-failure.ts';
import { openAddressBook, type AddressBook } from './network/address-book.ts';
import { isEverywhere } from './network/address-kind.ts';
import { askCloudMetadata } from './network/ask-cloud-metadata.ts';
import { askDomains } from './network/ask-domains.ts';
import { readBrowserAddresses } from './network/browser-addresses.ts';
import { findPublicAddresses, type PublicAddress } from './network/find-public-addresses.ts';
import { openPublicAddressBook, type PublicAddressBook } from './network/public-address-book.ts';
import { loadTurnSecrets, type TurnSecrets } from './turn/load-turn-secrets.ts';

/** What the program finds when it starts, and follows. */
export interface Surroundings {
  readonly addresses: AddressBook;
  readonly publicAddresses: PublicAddressBook;
  /** Undefined where somebody else sees to encryption. */
  readonly certificate: CertificateKeeper | undefined;
  readonly secrets: TurnSecrets;
  readonly directory: DataDirectory;
}

async function believe(
  config: Config,
  addresses: AddressBook,
  directory: DataDirectory,
): Promise<PublicAddressBook> {
  const { host, turnHost, domain, publicAddress: configured } = config;
  const names = turnHost === undefined ? domain : [turnHost, ...domain];
  // What guests say counts from the next start on.
  const usedByBrowsers = await readBrowserAddresses(directory);
  const find = (before: readonly PublicAddress[]): Promise<readonly PublicAddress[]> =>
    findPublicAddresses({
      configured,
      askDomains: async () => [
        ...names.filter((name) => isIP(name) !== 0),
        ...(await askDomains(names.filter((name) => isIP(name) === 0))),
      ],
      interfaces: isEverywhere(host) ? addresses.current().network : [host],
      askCloud: config.askCloudMetadata ? askCloudMetadata : undefined,
      usedByBrowsers,
      before,
    });
  return openPublicAddressBook({ find });
}

/**
 * What a certificate of our own making stands for. What browsers merely said is no reason to make another, and what the DNS
 * says may change by the day: whoever comes over the internet comes by the name then.
 */
function listNamesToCertify(
  config: Config,
  addresses: AddressBook,
  publicAddresses: PublicAddressBook,
): CertificateNames {
  const containers = listContainerAddresses();
  const network = addresses.current().network.filter((address) => !containers.includes(address));
  const ours = publicAddresses
    .current()
    .filter(({ origin }) => origin !== 'browsers' && origin !== 'domain')
    .map(({ address }) => address);
  return listCertificateNames({ network }, ours, hostname(), config.domain);
}

/** Looks around: addresses, certificate, secrets. Rejects with a `StartError` or a `ConfigError`. */
export async function findSurroundings(
  config: Config,
  directory: DataDirectory,
  responses: ChallengeResponses,
  logger: Logger,
): Promise<Surroundings> {
  const addresses = await openAddressBook();
  let publicAddresses: PublicAddressBook | undefined;
  try {
    const believed = await believe(config, addresses, directory);
    publicAddresses = believed;
    const listNames = () => Promise.resolve(listNamesToCertify(config, addresses, believed));
    const keeping = { config, directory, listNames, responses, logger, now: Date.now };
    return {
      addresses,
      publicAddresses: believed,
      certificate: config.httpOnly ? undefined : await createCertificateKeeper(keeping),
      secrets: await loadTurnSecrets(directory),
      directory,
    };
  } catch (error) {
    addresses.stop();
    publicAddresses?.stop();
    throw explainDirectoryFailure(config.dataDir, error);
  }
}
