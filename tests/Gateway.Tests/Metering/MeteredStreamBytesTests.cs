using OpenAIProxy.Gateway.Tests.Forwarding;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>The same with metering on.</summary>
public sealed class MeteredStreamBytesTests() : StreamBytesTests(isMetered: true);
