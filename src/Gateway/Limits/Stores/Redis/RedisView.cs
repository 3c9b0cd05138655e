namespace OpenAIProxy.Gateway.Limits.Stores.Redis;

/// <summary>What a gateway sees of Redis.</summary>
/// <param name="Gateways">How many gateways have been there lately.</param>
/// <param name="Mark">Its name, which is another once it has lost what it held.</param>
internal sealed record RedisView(int Gateways, string Mark);
