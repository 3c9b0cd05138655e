using 'main.bicep'

// All of it comes from the environment of who deploys, so that no secret is in a file. What has no default must be set.
param registryName = readEnvironmentVariable('REGISTRY_NAME')
param registryResourceGroup = readEnvironmentVariable('REGISTRY_RESOURCE_GROUP')
param imageTag = readEnvironmentVariable('IMAGE_TAG')

param openAIBaseUrl = readEnvironmentVariable('OPENAI_BASE_URL', 'https://api.openai.com')
param openAIKey = readEnvironmentVariable('OPENAI_API_KEY')
param accessKeys = readEnvironmentVariable('FORWARD_KEY')
param internalToken = readEnvironmentVariable('INTERNAL_TOKEN')
param adminToken = readEnvironmentVariable('ADMIN_TOKEN')
param cacheSecret = readEnvironmentVariable('CACHE_SECRET')
param postgresPassword = readEnvironmentVariable('POSTGRES_PASSWORD')

param customDomain = readEnvironmentVariable('CUSTOM_DOMAIN', '')
param certificateId = readEnvironmentVariable('CERTIFICATE_ID', '')
