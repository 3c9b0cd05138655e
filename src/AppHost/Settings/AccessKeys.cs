namespace OpenAIProxy.AppHost.Settings;

/// <summary>
/// The keys that callers need. When the app runs there may be none: on this machine alone the gateway needs none, and elsewhere it says itself
/// what is missing. A published gateway always has them, for the whole world can reach it and it holds the operator's key.
/// </summary>
/// <param name="Parameter">The parameter that holds them; null if there are none.</param>
/// <param name="Count">How many are configured here.</param>
internal sealed record AccessKeys(IResourceBuilder<ParameterResource>? Parameter, int Count);
