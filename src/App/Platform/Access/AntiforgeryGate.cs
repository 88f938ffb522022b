using Microsoft.AspNetCore.Antiforgery;

namespace Laurel.App.Platform.Access;

/// <summary>An address that is itself the proof that its holder may post to it: no form of ours need come before.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AddressIsProofAttribute : Attribute;

/// <summary>
/// Every request that changes something must carry the form token, whatever its endpoint says; the framework's middleware looks only
/// at endpoints that ask for it. The API is exempt: cookies do not count there.
/// </summary>
internal static class AntiforgeryGate
{
    public static void UseAntiforgeryGate(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var method = context.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || AccessFeature.IsApi(context)
            || context.GetEndpoint() is not { } door || door.Metadata.GetMetadata<AddressIsProofAttribute>() is not null
            || await IsValid(context))
        {
            await next(context);
            return;
        }
        await Refusal.Write(context, StatusCodes.Status400BadRequest, "The form has expired. Go back, load the page again and repeat.");
    });

    private static async Task<bool> IsValid(HttpContext context) =>
        context.Features.Get<IAntiforgeryValidationFeature>()?.IsValid
        ?? await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context);
}
