namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// OpenAIProxy as one process with one port: gateway, billing service and usage page. It is a container, unless an AppHost that runs says
/// otherwise (<see cref="OpenAIProxyProcessExtensions"/>).
/// </summary>
/// <param name="name">The name of the resource, and of its connection string.</param>
/// <param name="accessKey">The secret part of the access key that apps use until another key is set.</param>
public sealed class OpenAIProxyResource(string name, ParameterResource accessKey) : ContainerResource(name), IResourceWithConnectionString
{
    /// <summary>The name of the endpoint of API and usage page, <c>http</c>.</summary>
    public const string EndpointName = "http";

    private readonly ParameterResource _generatedKey = accessKey;
    private EndpointReference? _endpoint;

    /// <summary>Where API and usage page are, without a path.</summary>
    public EndpointReference PrimaryEndpoint => _endpoint ??= new EndpointReference(this, EndpointName);

    /// <summary>The parameter of the access key: the whole key if one was set, else what follows <c>fk-</c>.</summary>
    public ParameterResource AccessKey { get; internal set; } = accessKey;

    /// <summary>The model that apps use if they name none; null if each app names its own.</summary>
    public string? Model { get; internal set; }

    /// <summary>The access key that apps show, such as <c>fk-Vk3…</c>.</summary>
    // Every access key that the product makes begins so; a key of that form is never sent upstream.
    public ReferenceExpression KeyExpression
        => HasGeneratedKey ? ReferenceExpression.Create($"fk-{AccessKey}") : ReferenceExpression.Create($"{AccessKey}");

    /// <summary>The base URL for OpenAI's clients, such as <c>http://localhost:8000/v1</c>.</summary>
    public ReferenceExpression UriExpression => ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Url)}/v1");

    /// <summary>
    /// The form that <c>AddOpenAIClient</c> of the package Aspire.OpenAI reads: <c>Endpoint=http://localhost:8000/v1;Key=fk-…</c>, with
    /// <c>;Model=…</c> where there is a <see cref="Model"/>.
    /// </summary>
    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            var text = new ReferenceExpressionBuilder();
            text.Append($"Endpoint={UriExpression};Key={KeyExpression}");
            if (Model is not null)
            {
                text.Append($";Model={Model}");
            }

            return text.Build();
        }
    }

    internal bool HasGeneratedKey => AccessKey == _generatedKey;

    /// <summary>The variables that a referencing app gets beside the connection string: <c>AI_ENDPOINT</c> and so on for the name <c>ai</c>.</summary>
    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        yield return new("Endpoint", UriExpression);
        yield return new("Uri", UriExpression);
        yield return new("Key", KeyExpression);
        if (Model is not null)
        {
            yield return new("ModelName", ReferenceExpression.Create($"{Model}"));
        }
    }
}
