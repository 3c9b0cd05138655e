namespace OpenAIProxy.BillingService.Commands;

/// <summary>A command line that can't be understood. The message holds no secret.</summary>
internal sealed class CommandLineException(string message) : Exception(message);
