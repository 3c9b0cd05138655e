using Google.Protobuf;

namespace OpenAIProxy.EndToEnd.Tests.Otlp;

/// <summary>A log record's text and whose it is, by logs.proto.</summary>
internal sealed record LogLine(string Service, string Text)
{
    public static IEnumerable<LogLine> Read(ByteString request)
        => from resource in new ProtoMessage(request).Messages(1)
           from scope in resource.Messages(2)
           from line in scope.Messages(2)
           select new LogLine(Resources.ServiceOf(resource), line.Message(5)?.Text(1) ?? "");
}
