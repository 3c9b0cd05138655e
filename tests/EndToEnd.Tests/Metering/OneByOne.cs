namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>One after the other: each of them wants the machine.</summary>
[CollectionDefinition(nameof(MeteredApp))]
public sealed class OneByOne;
