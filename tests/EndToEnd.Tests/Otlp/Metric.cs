using Google.Protobuf;

namespace OpenAIProxy.EndToEnd.Tests.Otlp;

/// <summary>A metric's name and whose it is, by metrics.proto.</summary>
internal sealed record Metric(string Service, string Name)
{
    public static IEnumerable<Metric> Read(ByteString request)
        => from resource in new ProtoMessage(request).Messages(1)
           from scope in resource.Messages(2)
           from metric in scope.Messages(2)
           select new Metric(Resources.ServiceOf(resource), metric.Text(1));
}
