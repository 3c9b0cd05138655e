using System.Globalization;
using Google.Protobuf;

namespace OpenAIProxy.EndToEnd.Tests.Otlp;

/// <summary>A span, with the field numbers of opentelemetry-proto's trace.proto.</summary>
internal sealed record Span(string Service, string Scope, string TraceId, string Id, string ParentId, string Name, SpanKind Kind, ulong Start,
    IReadOnlyDictionary<string, string> Attributes)
{
    public static IEnumerable<Span> Read(ByteString request)
        => from resource in new ProtoMessage(request).Messages(1)
           from scope in resource.Messages(2)
           from span in scope.Messages(2)
           select new Span(
               Resources.ServiceOf(resource), scope.Message(1)?.Text(1) ?? "", span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5),
               (SpanKind)span.Number(6), span.Number(7),
               span.Messages(9).ToDictionary(a => a.Text(1), a => ValueOf(a.Message(2))));

    // An AnyValue is a text (1) or a whole number (3); others are not looked at.
    private static string ValueOf(ProtoMessage? value)
        => value?.Text(1) is { Length: > 0 } text ? text : value?.Number(3).ToString(CultureInfo.InvariantCulture) ?? "";
}
