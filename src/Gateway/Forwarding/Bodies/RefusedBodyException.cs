namespace OpenAIProxy.Gateway.Forwarding.Bodies;

/// <summary>The rest of a body must not pass: the request that was begun is broken off.</summary>
internal sealed class RefusedBodyException() : IOException("The rest of the request was refused.");
