using System.Net;

namespace OpenAIProxy.Standalone.Transport;

/// <summary>Where the billing service listens: nowhere but in this process.</summary>
internal sealed class MemoryEndPoint : EndPoint
{
    /// <inheritdoc/>
    public override string ToString() => "memory";
}
