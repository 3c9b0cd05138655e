// A file share for the gateways' journal of usage, known to the environment.
param location string

param name string

param environmentName string

// Usage stays here only until the billing service has it: about 11 MB a gateway, and 150 bytes a call while that is away.
@description('The largest size of the share, in GiB.')
@minValue(1)
param quota int = 32

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  // Names of storage accounts: 3 to 24 letters and digits, unique in all of Azure.
  name: take('jrnl${uniqueString(resourceGroup().id, name)}', 24)
  location: location
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    allowBlobPublicAccess: false
    // Container Apps mount a share with the account's key.
    allowSharedKeyAccess: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource files 'Microsoft.Storage/storageAccounts/fileServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource share 'Microsoft.Storage/storageAccounts/fileServices/shares@2024-01-01' = {
  parent: files
  name: 'journal'
  properties: {
    enabledProtocols: 'SMB'
    shareQuota: quota
  }
}

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' existing = {
  name: environmentName
}

resource storage 'Microsoft.App/managedEnvironments/storages@2025-01-01' = {
  parent: environment
  name: 'journal'
  properties: {
    azureFile: {
      accountName: account.name
      accountKey: account.listKeys().keys[0].value
      shareName: share.name
      accessMode: 'ReadWrite'
    }
  }
}

output storageName string = storage.name
