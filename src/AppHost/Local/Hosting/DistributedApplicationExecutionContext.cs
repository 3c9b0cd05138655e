namespace Aspire.Hosting;

/// <summary>Running or publishing; the stand-in only runs.</summary>
internal sealed record DistributedApplicationExecutionContext(bool IsRunMode)
{
    public bool IsPublishMode => !IsRunMode;
}
