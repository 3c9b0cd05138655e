namespace OpenAIProxy.AppHost.Settings;

/// <summary>A secret that the AppHost makes where none is configured.</summary>
/// <param name="Parameter">The parameter that holds it.</param>
/// <param name="Setting">The setting of the services that it is for.</param>
/// <param name="Generated">The secret, if it was made at this start and may be shown to whoever started the app; null if it was configured.</param>
internal sealed record GeneratedSecret(IResourceBuilder<ParameterResource> Parameter, ServiceSetting Setting, string? Generated);
