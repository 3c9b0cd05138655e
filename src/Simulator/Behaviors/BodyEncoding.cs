namespace OpenAIProxy.Simulator.Behaviors;

/// <summary>Content-Encoding of the answer (<c>x-sim-encoding</c>), whatever the request accepts.</summary>
internal enum BodyEncoding
{
    None,
    Gzip,
    Brotli,
}
