using App;
using Refrag.Apps;

return await AppProgram.RunAsync(args, new CountApp());
