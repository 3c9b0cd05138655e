namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from outside.</summary>
internal sealed record ParameterResource(string Name, string Value) : IResource;
