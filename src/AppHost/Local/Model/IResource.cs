namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the app.</summary>
internal interface IResource
{
    public string Name { get; }

    /// <summary>Completes when it is ready for those that wait for it; what does not start here is so from the beginning.</summary>
    public Task Ready => Task.CompletedTask;
}
