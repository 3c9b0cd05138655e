namespace OpenAIProxy.EndToEnd.Tests.Otlp;

/// <summary>What part of a call a span is, with the numbers of trace.proto.</summary>
internal enum SpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}
