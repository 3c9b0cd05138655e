namespace OpenAIProxy.Simulator.Billing;

/// <summary>What one model has cost in a day, in US cents.</summary>
internal readonly record struct LineItem(string Name, decimal Cents);
