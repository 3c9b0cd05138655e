namespace Aspire.Hosting.ApplicationModel;

/// <summary>What the extension methods hang on.</summary>
internal interface IResourceBuilder<out T> where T : IResource
{
    public T Resource { get; }
}
