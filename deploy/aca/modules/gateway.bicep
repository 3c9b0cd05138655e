// The gateway: reached from everywhere.
import { probes } from 'probes.bicep'

param location string

param name string

param environmentName string

param identityId string

param registry string

param image string

param billingUrl string

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
@description('The Redis in which the limits of several gateways are counted.')
param cacheConnection string

param trustedProxies string

param minReplicas int

param maxReplicas int

param concurrency int

param customDomain string

param certificateId string

var port = 8000

var journalFolder = '/home/app/journal'

// The longest that Container Apps allow: answers may stream for minutes.
var gracePeriod = 600

var domains = empty(customDomain)
  ? []
  : empty(certificateId)
      ? [{ name: customDomain, bindingType: 'Disabled' }]
      : [{ name: customDomain, bindingType: 'SniEnabled', certificateId: certificateId }]

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' existing = {
  name: environmentName
}

resource gateway 'Microsoft.App/containerApps@2025-01-01' = {
  name: name
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
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
        customDomains: domains
      }
      registries: [
        {
          server: registry
          identity: identityId
        }
      ]
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
          name: 'cache-connection'
          value: cacheConnection
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: gracePeriod
      containers: [
        {
          name: 'openaiproxy-gateway'
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
              name: 'ConnectionStrings__cache'
              secretRef: 'cache-connection'
            }
            {
              name: 'services__billing__https__0'
              value: billingUrl
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
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        rules: [
          {
            name: 'requests'
            http: {
              metadata: {
                concurrentRequests: string(concurrency)
              }
            }
          }
        ]
      }
    }
  }
}

output name string = gateway.name

output host string = gateway.properties.configuration.ingress!.fqdn

output url string = 'https://${empty(customDomain) ? gateway.properties.configuration.ingress!.fqdn : customDomain}'
