using OpenAIProxy.Gateway.Forwarding;

namespace OpenAIProxy.Gateway.Models;

/// <summary>Registers what holds keys to their models. Behind metering, whose observer it takes in.</summary>
internal static class ModelExtensions
{
    public static void AddModelLists(this IServiceCollection services) => services.WrapCallObservers((_, inner) => new ModelCalls(inner));
}
