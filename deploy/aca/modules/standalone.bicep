// Gateway and billing service in one container: reached from everywhere.
import { probes } from 'probes.bicep'

param location string

param name string

param environmentName string

param image string

@description('The name by which the environment knows the share for the journal.')
param journalStorage string

param openAIBaseUrl string

@secure()
param openAIKey string

@secure()
param accessKeys string

@secure()
param internalToken string

@secure()
param adminToken string

param trustedProxies string

@description('PostgreSQL, in Npgsql\'s form.')
@secure()
param ledgerConnection string

var port = 8000

var journalFolder = '/home/app/journal'

// The longest that Container Apps allow: answers may stream for minutes.
var gracePeriod = 600

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' existing = {
  name: environmentName
}

resource standalone 'Microsoft.App/containerApps@2025-01-01' = {
  name: name
  location: location
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: port
        transport: 'auto'
        allowInsecure: false
      }
      secrets: [
        {
          name: 'openai-key'
          value: openAIKey
        }
        {
          name: 'access-keys'
          value: accessKeys
        }
        {
          name: 'internal-token'
          value: internalToken
        }
        {
          name: 'admin-token'
          value: adminToken
        }
        {
          name: 'ledger-connection'
          value: ledgerConnection
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: gracePeriod
      containers: [
        {
          name: 'openaiproxy'
          image: image
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          env: [
            {
              name: 'OpenAI__BaseUrl'
              value: openAIBaseUrl
            }
            {
              name: 'OpenAI__ApiKey'
              secretRef: 'openai-key'
            }
            {
              name: 'Access__Keys'
              secretRef: 'access-keys'
            }
            {
              name: 'Access__TrustedProxies'
              value: trustedProxies
            }
            {
              name: 'Internal__Token'
              secretRef: 'internal-token'
            }
            {
              name: 'Billing__AdminToken'
              secretRef: 'admin-token'
            }
            {
              name: 'ConnectionStrings__ledger'
              secretRef: 'ledger-connection'
            }
            {
              name: 'Forwarding__DrainTimeout'
              value: '${gracePeriod - 60}s'
            }
            {
              name: 'Metering__JournalDirectory'
              value: journalFolder
            }
          ]
          volumeMounts: [
            {
              volumeName: 'journal'
              mountPath: journalFolder
            }
          ]
          probes: probes(port)
        }
      ]
      volumes: [
        {
          name: 'journal'
          storageType: 'AzureFile'
          storageName: journalStorage
          // The images' user. The journal maps its files, for which the kernel must cache them.
          mountOptions: 'uid=1654,gid=1654,dir_mode=0750,file_mode=0640,cache=strict,mfsymlinks'
        }
      ]
      // Never 0: the journal is shipped, and open streams are held, by a process that runs.
      scale: {
        minReplicas: 1
        maxReplicas: 1
      }
    }
  }
}

output url string = 'https://${standalone.properties.configuration.ingress!.fqdn}'
