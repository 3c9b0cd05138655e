namespace OpenAIProxy.AppHost.Upstreams;

/// <summary>The API that the services stand in front of.</summary>
/// <param name="Address">Its address, as people are told.</param>
/// <param name="KeyCount">How many keys of the operator are used for callers who bring none.</param>
/// <param name="Simulator">The simulator, in a demo; else null.</param>
/// <param name="BaseUrl">The parameter with its address; null in a demo.</param>
/// <param name="Key">The parameter with the operator's key or keys; null if there is none.</param>
internal sealed record Upstream(
    string Address, int KeyCount, IResourceBuilder<ProjectResource>? Simulator, IResourceBuilder<ParameterResource>? BaseUrl,
    IResourceBuilder<ParameterResource>? Key)
{
    public bool IsDemo => Simulator is not null;
}
