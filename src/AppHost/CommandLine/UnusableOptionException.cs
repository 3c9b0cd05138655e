namespace OpenAIProxy.AppHost.CommandLine;

/// <summary>The command line asks for what this machine can't do. The message names what is missing.</summary>
internal sealed class UnusableOptionException(string message) : Exception(message);
