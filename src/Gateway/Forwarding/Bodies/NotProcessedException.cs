namespace OpenAIProxy.Gateway.Forwarding.Bodies;

/// <summary>The upstream has provably not worked on a request, and it can't be sent again from here.</summary>
internal sealed class NotProcessedException : HttpRequestException
{
    public NotProcessedException()
        : this(null)
    {
    }

    public NotProcessedException(Exception? inner)
        : base("The upstream did not process the request.", inner)
    {
    }
}
