namespace OpenAIProxy.AppHost;

/// <summary>A secret parameter. Running, it exists if it has a value; published, it always exists, and whoever deploys gives the value.</summary>
internal static class Secret
{
    public static IResourceBuilder<ParameterResource>? Add(IDistributedApplicationBuilder builder, string name, string? value)
        => builder.ExecutionContext.IsPublishMode ? builder.AddParameter(name, secret: true)
            : value is not null ? builder.AddParameter(name, value, secret: true)
            : null;
}
