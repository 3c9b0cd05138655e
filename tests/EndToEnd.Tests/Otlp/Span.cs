using Google.Protobuf;

namespace OpenAIProxy.EndToEnd.Tests.Otlp;

/// <summary>A span, with the field numbers of opentelemetry-proto's trace.proto.</summary>
internal sealed record Span(string Service, string Scope, string TraceId, string Id, string ParentId, string Name, SpanKind Kind)
{
    public static IEnumerable<Span> Read(ByteString request) =>
        from resource in new ProtoMessage(request).Messages(1)
        from scope in resource.Messages(2)
        from span in scope.Messages(2)
        select new Span(
            Resources.ServiceOf(resource), scope.Message(1)?.Text(1) ?? "", span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), (SpanKind)span.Number(6));
}
